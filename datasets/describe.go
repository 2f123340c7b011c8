package datasets

// Described is an optional interface of Dataset: it tells what Len, Shape and Classes don't. One without is taken for a
// dataset with the zero Description, and each of a regression's examples for as many targets as it delivers.
type Described interface {
	Describe() Description
}

// Description is what there is to know of a dataset beside its size, shape and number of classes.
type Description struct {
	Outputs    int      // the number of targets an example has; 0 for a classification, and where it isn't known
	Random     bool     // whether an example may be another one with another draw
	ClassNames []string // the names of the classes by label; nil where they have none
	Columns    []string // the names of an example's values; nil where they have none

	targets   []string // the names of the columns that the targets were read from
	zeroBased bool     // whether the file counted its columns from 0
}

// Describe returns what d says of itself, where it is Described.
func Describe(d Dataset) Description {
	if s, ok := d.(Described); ok {
		return s.Describe()
	}
	return Description{}
}

// Wrapped is a Dataset that stands for another one. A dataset that changes or picks the examples of another embeds it,
// and is what that one is but for the methods that it has itself.
type Wrapped struct{ Dataset }

// Describe is that of the dataset inside.
func (w Wrapped) Describe() Description { return Describe(w.Dataset) }

// Outputs is the number of targets of an example of d; 0 for a classification, and where d isn't Described.
func Outputs(d Dataset) int { return Describe(d).Outputs }

// Random says whether an example of d may be another one with another draw; false where d isn't Described.
func Random(d Dataset) bool { return Describe(d).Random }
