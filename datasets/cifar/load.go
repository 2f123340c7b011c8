package cifar

import (
	"context"
	"io"

	"github.com/fallline/fallline/datasets"
	"github.com/fallline/fallline/datasets/internal/fetch"
	"github.com/pkg/errors"
)

// The archives as they are published, and the files in them.
var (
	archive10 = fetch.Set{
		Name: "CIFAR-10", Folder: "cifar-10",
		Archive: &fetch.File{
			Name: "cifar-10-binary.tar.gz", URLs: []string{"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"},
			Size: 170_052_171, SHA256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
		},
		Files: members("cifar-10-batches-bin/", 30_730_000, []string{
			"data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
			"data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
			"data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
			"data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
			"data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
			"test_batch.bin", sum10Test,
		}),
	}
	archive100 = fetch.Set{
		Name: "CIFAR-100", Folder: "cifar-100",
		Archive: &fetch.File{
			Name: "cifar-100-binary.tar.gz", URLs: []string{"https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"},
			Size: 168_513_733, SHA256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
		},
		Files: append(
			members("cifar-100-binary/", 153_700_000, []string{"train.bin", "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29"}),
			members("cifar-100-binary/", 30_740_000, []string{"test.bin", "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"})...),
	}
)

const sum10Test = "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"

// members lists files of one size in a folder of an archive, from names that are each followed by the SHA-256.
func members(folder string, size int64, namesAndSums []string) (files []fetch.File) {
	for i := 0; i < len(namesAndSums); i += 2 {
		name := namesAndSums[i]
		files = append(files, fetch.File{Name: name, Path: folder + name, Size: size, SHA256: namesAndSums[i+1]})
	}
	return files
}

// Load10 is Open10 for the folder fallline/cifar-10 of the user's cache (os.UserCacheDir). What is missing there is got
// from www.cs.toronto.edu first: 170 MB, which become 184 MB. The SHA-256 of every file is checked, now and each time.
// A download that was cut off goes on where it ended; a done ctx ends it. progress is told how it goes and may be nil.
//
// Where the archive can't be fetched, the error says what to get in another way, its SHA-256, and where to put it.
func Load10(ctx context.Context, progress io.Writer) (*datasets.Pair, error) {
	return load(ctx, &archive10, progress, Open10)
}

// Load100 is Open100 for the folder fallline/cifar-100 of the user's cache, which it fills as Load10 does: 169 MB,
// which become 184 MB.
func Load100(ctx context.Context, progress io.Writer) (*datasets.Pair, error) {
	return load(ctx, &archive100, progress, Open100)
}

// Load100Coarse is Load100 with the 20 superclasses of Names100Coarse for classes.
func Load100Coarse(ctx context.Context, progress io.Writer) (*datasets.Pair, error) {
	return load(ctx, &archive100, progress, Open100Coarse)
}

func load(ctx context.Context, set *fetch.Set, progress io.Writer, open func(string) (*datasets.Pair, error)) (*datasets.Pair, error) {
	dir, err := fetch.Folder(ctx, set, progress)
	if err != nil {
		return nil, errors.WithMessage(err, "cifar")
	}
	return open(dir)
}
