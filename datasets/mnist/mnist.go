// Package mnist has the MNIST handwritten digits, 60,000 to train on and 10,000 to test on, embedded in the program
// (11.6 MB).
//
// The files are those that were published; see the README beside this file for their source and licence.
package mnist

import (
	"embed"
	"io/fs"

	"github.com/fallline/fallline/datasets"
	"github.com/pkg/errors"
)

//go:embed data/*.gz
var files embed.FS

// Load unpacks the embedded digits: images of shape (28, 28, 1) with values from 0, the background, to 1, and classes 0
// to 9. It takes about 55 MB of memory and a third of a second; keep the result.
func Load() (*datasets.Pair, error) {
	sub, err := fs.Sub(files, "data")
	if err != nil {
		return nil, errors.Wrap(err, "mnist")
	}
	p, err := datasets.OpenIDXFS(sub)
	return p, errors.WithMessage(err, "mnist")
}

// Open reads a folder with files of MNIST's form and names, Fashion-MNIST for one, instead of the embedded ones. See
// datasets.OpenIDX.
func Open(dir string) (*datasets.Pair, error) { return datasets.OpenIDX(dir) }
