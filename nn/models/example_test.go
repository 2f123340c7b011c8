package models_test

import (
	"fmt"
	"log"

	"github.com/fallline/fallline/nn"
	"github.com/fallline/fallline/nn/models"
)

func build(net nn.Layer, shape ...int) *nn.Model {
	model, err := nn.Build(net, shape, nn.SoftmaxCrossEntropy, nn.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	return model
}

func ExampleLeNet() {
	fmt.Println(build(models.LeNet(10), 28, 28, 1).Parameters())
	// Output: 431080
}

func ExampleMLP() {
	fmt.Print(build(models.MLP(10, 512, 512), 28, 28, 1).Summary())
	// Output:
	// layer      output    parameters
	// input      28x28x1
	// flatten1   784
	// dense1     512           401920
	// relu1      512
	// dense2     512           262656
	// relu2      512
	// dense3     10              5130
	// total                    669706
}

func ExampleResNet9() {
	fmt.Println(build(models.ResNet9(10), 32, 32, 3).Parameters())
	// Output: 6573130
}

func ExampleResNet20() {
	fmt.Println(build(models.ResNet20(100), 32, 32, 3).Parameters())
	// Output: 278324
}

// A model that is there to be loaded into needs no images for its first layer.
func ExampleFastCIFAR() {
	fmt.Print(build(models.FastCIFAR(10, nil, 64), 32, 32, 3).Summary())
	// Output:
	// layer                    output     parameters
	// input                    32x32x3
	// whiten1                  31x31x24          312
	// gelu1                    31x31x24
	// sequential1.conv2d1      31x31x64        13824
	// sequential1.maxpool2d1   15x15x64
	// sequential1.batchnorm1   15x15x64           64
	// sequential1.gelu1        15x15x64
	// sequential1.conv2d2      15x15x64        36864
	// sequential1.batchnorm2   15x15x64           64
	// sequential1.gelu2        15x15x64
	// sequential1              15x15x64
	// globalmaxpool2d1         64
	// dense1                   10                640
	// scale1                   10
	// total                                    51768
	// frozen                                     288
}
