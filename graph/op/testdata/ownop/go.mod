module example.com/ownop

go 1.26

require (
	github.com/fallline/fallline v0.0.0
	gorgonia.org/gorgonia v0.9.18
	gorgonia.org/tensor v0.9.24
)
