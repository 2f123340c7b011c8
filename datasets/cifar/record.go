package cifar

import (
	"io"

	"github.com/fallline/fallline/datasets"
	"github.com/pkg/errors"
)

// Read10 reads any number of records of CIFAR-10's form up to the end of r: a part of a published file, or images of
// one's own of 32 by 32 pixels in up to 10 classes. There are 10 classes, whatever labels are found.
//
// No records, a record cut off and a label outside [0, 10) are errors that name the record.
func Read10(r io.Reader) (*datasets.Images, error) { return ten.form.readAll(r) }

// Read100 is Read10 for records of CIFAR-100's form and its 100 classes.
func Read100(r io.Reader) (*datasets.Images, error) { return hundred.form.readAll(r) }

func (f form) readAll(r io.Reader) (*datasets.Images, error) {
	var pixels []uint8
	var labels []int
	var image [Channels * plane]uint8
	for d := (decoder{form: f, r: r}); ; {
		label, err := d.next(image[:])
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, errors.WithMessage(err, "cifar")
		}
		pixels, labels = append(pixels, image[:]...), append(labels, label)
	}
	if len(labels) == 0 {
		return nil, errors.New("cifar: no records")
	}
	return f.images(pixels, labels)
}

// decoder reads one record after the other, and several of them from the file at once.
type decoder struct {
	form   form
	r      io.Reader
	buffer []uint8
	rest   []uint8 // of the buffer: what isn't decoded yet
	end    error   // what ended the reading
	record int
}

// ahead is how many records are read from the file at once.
const ahead = 64

// next writes the pixels of the next record and returns its label, or io.EOF after the last.
func (d *decoder) next(pixels []uint8) (label int, err error) {
	size := d.form.size()
	if len(d.rest) == 0 {
		if err := d.fill(); err != nil {
			return 0, err
		}
	}
	if len(d.rest) < size {
		return 0, errors.Errorf("record %d: found %d bytes, want %d: truncated", d.record, len(d.rest), size)
	}
	head, planes := d.rest[:len(d.form.limits)], d.rest[len(d.form.limits):size]
	for i, limit := range d.form.limits {
		if int(head[i]) >= limit {
			return 0, errors.Errorf("record %d: label %d at offset %d outside [0, %d)", d.record, head[i], int64(d.record)*int64(size)+int64(i), limit)
		}
	}
	interleave(pixels, planes)
	d.rest = d.rest[size:]
	d.record++
	return int(head[d.form.label]), nil
}

// fill reads the next records into the empty buffer.
func (d *decoder) fill() error {
	if d.end != nil {
		return d.end
	}
	if d.buffer == nil {
		d.buffer = make([]uint8, ahead*d.form.size())
	}
	n, err := io.ReadFull(d.r, d.buffer)
	switch err {
	case nil:
	case io.EOF, io.ErrUnexpectedEOF:
		d.end = io.EOF
	default:
		return errors.Wrapf(err, "record %d", d.record)
	}
	if d.rest = d.buffer[:n]; n == 0 {
		return d.end
	}
	return nil
}

// interleave puts the channels of each pixel side by side.
func interleave(pixels, planes []uint8) {
	red, green, blue := planes[:plane], planes[plane:2*plane], planes[2*plane:3*plane]
	for i := range plane {
		p := pixels[Channels*i:][:Channels]
		p[0], p[1], p[2] = red[i], green[i], blue[i]
	}
}
