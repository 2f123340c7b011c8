package train

import "github.com/fallline/fallline/train/instruments"

// What package instruments has, under the names that it had here.
type (
	Curvature    = instruments.Curvature
	Sharpness    = instruments.Sharpness
	Noise        = instruments.Noise
	NoiseMeter   = instruments.NoiseMeter
	NoiseTracker = instruments.NoiseTracker
	Norm         = instruments.Norm
	NormMeter    = instruments.NormMeter
)

// The settings of package instruments that suit most models, under the names that they had here.
var (
	DefaultCurvature  = instruments.DefaultCurvature
	DefaultNoiseMeter = instruments.DefaultNoiseMeter
)
