package datasets

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // formats that are read
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"

	"github.com/fallline/fallline/internal/isnil"
	"github.com/pkg/errors"
)

// maxPixels is how many pixels a picture may have: a header can't make the reader take more memory.
const maxPixels = 1 << 27

// pictureSet is what was read of a folder so far.
type pictureSet struct {
	Folder
	first  string // the picture that gave the size; empty where the settings do
	pixels []uint8
	labels []int
	left   []LeftOut
}

func (p *pictureSet) channels() int {
	if p.Grey {
		return 1
	}
	return 3
}

// picture is one that was read.
type picture struct {
	height, width int
	pixels        []uint8
	err           error
}

// read appends pictures of a class, reading several at once.
func (p *pictureSet) read(fsys fs.FS, names []string, label int) error {
	for len(names) > 0 {
		some := names[:min(len(names), 8*runtime.GOMAXPROCS(0))]
		names = names[len(some):]
		got := make([]picture, len(some))
		var wait sync.WaitGroup
		next := make(chan int, len(some))
		for i := range some {
			next <- i
		}
		close(next)
		for range runtime.GOMAXPROCS(0) {
			wait.Go(func() {
				for i := range next {
					got[i] = p.readOne(fsys, some[i])
				}
			})
		}
		wait.Wait()
		for i, g := range got {
			if err := p.add(some[i], g, label); err != nil {
				return errors.WithMessage(err, some[i])
			}
		}
	}
	return nil
}

// add appends a picture.
func (p *pictureSet) add(name string, g picture, label int) error {
	if g.err != nil {
		if p.LeaveBroken {
			p.left = append(p.left, LeftOut{name, g.err.Error()})
			return nil
		}
		return errors.Errorf("%v; Folder.LeaveBroken leaves out what can't be read", g.err)
	}
	if p.Height == 0 {
		p.first, p.Height, p.Width = name, g.height, g.width
		if !isnil.Any(p.Like) {
			p.first, p.Height, p.Width = "the training set", p.Like.Shape()[0], p.Like.Shape()[1]
		}
	}
	if g.height != p.Height || g.width != p.Width {
		return errors.Errorf("%s pixels, %s has %s: Folder.Height and Width scale all to one size",
			sizeOf(g.height, g.width), p.first, sizeOf(p.Height, p.Width))
	}
	p.pixels, p.labels = append(p.pixels, g.pixels...), append(p.labels, label)
	return nil
}

// readOne reads a picture, in the colours and the size of the settings.
func (p *pictureSet) readOne(fsys fs.FS, name string) picture {
	m, err := decodePicture(fsys, name)
	if err != nil {
		return picture{err: err}
	}
	size := m.Bounds().Size()
	g := picture{height: size.Y, width: size.X, pixels: colours(m)}
	if p.Grey {
		g.pixels = brightness(g.pixels)
	}
	if p.Height > 0 && p.first == "" && (g.height != p.Height || g.width != p.Width) {
		g.pixels = scale(g.pixels, g.height, g.width, p.channels(), p.Height, p.Width)
		g.height, g.width = p.Height, p.Width
	}
	return g
}

func decodePicture(fsys fs.FS, name string) (image.Image, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, errors.WithStack(pathless(err))
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if errors.Is(err, image.ErrFormat) {
		return nil, unknownPicture(data, name)
	}
	if err != nil {
		return nil, errors.WithStack(err)
	}
	if c.Width < 1 || c.Height < 1 || int64(c.Width)*int64(c.Height) > maxPixels {
		return nil, errors.Errorf("%s pixels, want at least 1 and at most %d", sizeOf(c.Height, c.Width), maxPixels)
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	return m, errors.WithStack(err)
}

// unknownPicture is the error for a file that no format is known for.
func unknownPicture(data []byte, name string) error {
	if len(data) == 0 {
		return errors.New("the file is empty")
	}
	if by := pictureEnds[strings.ToLower(path.Ext(name))]; by != "" {
		return errors.Errorf("a picture of a format that isn't registered: import _ %q reads it", by)
	}
	if err := checkKind(data[:min(len(data), sniffed)]); err != nil && !strings.Contains(err.Error(), "no text") {
		return err
	}
	return errors.New("not a PNG, JPEG or GIF picture: convert it to one of them")
}

// colours returns red, green and blue of each pixel, without transparency.
func colours(m image.Image) []uint8 {
	r := m.Bounds()
	pixels := make([]uint8, 0, 3*r.Dx()*r.Dy())
	if o, ok := m.(interface{ Opaque() bool }); ok && o.Opaque() {
		flat := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
		draw.Draw(flat, flat.Rect, m, r.Min, draw.Src)
		for i := 0; i < len(flat.Pix); i += 4 {
			pixels = append(pixels, flat.Pix[i:i+3]...)
		}
		return pixels
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			pixels = append(pixels, p.R, p.G, p.B)
		}
	}
	return pixels
}

// brightness is 0.299 red + 0.587 green + 0.114 blue (ITU-R 601-2).
func brightness(colours []uint8) []uint8 {
	grey := make([]uint8, len(colours)/3)
	for i := range grey {
		p := colours[3*i:]
		grey[i] = uint8((19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16)
	}
	return grey
}
