// Package gate is the one place that knows Gorgonia's private side. It reads an expression graph and gives it in our
// own form: of each node what kind of op computes it, with which attributes, of which nodes, in which shape and type.
//
// Gorgonia exports neither the types of most ops nor their fields. An op is known by the name of its Go type, its
// attributes are read from private fields by reflection, and elementwise ops and products are told apart by how they
// print. All such facts are in tables of this package (facts, printed), and a test holds each of them against the
// version in go.mod: where another version has another name, field or print, the test and the error of Read say of
// which op.
//
// # Optional interfaces
//
//   - An op that computes what another does is a [Wrapper].
//   - A slice is a [Slicer]; only Gorgonia's are.
//
// # Ops
//
// Whatever a graph's nodes run or differentiate by stays a gorgonia.Op.
package gate
