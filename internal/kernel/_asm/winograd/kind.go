package main

import "fmt"

// kind is the size of a tile of outputs. A narrow one has three rows or columns instead of four and does without the
// point −2, which has number 4 of 6.
type kind struct{ rows, cols int }

// kinds are in the order of package winograd.
var kinds = []kind{{4, 4}, {3, 4}, {4, 3}, {3, 3}}

func (k kind) String() string { return fmt.Sprint(k.rows, "x", k.cols) }

// points are the numbers of the points that a tile of so many rows or columns has.
func points(n int) []int {
	if n == 3 {
		return []int{0, 1, 2, 3, 5}
	}
	return []int{0, 1, 2, 3, 4, 5}
}
