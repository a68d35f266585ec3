package objects_test

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"
)

// atOnce is how many tests run side by side: they wait for servers more than they compute.
const atOnce = "12"

func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(800) // thousands of small answers make garbage, and little else is held
	if set := flag.Lookup("test.parallel"); set != nil && set.Value.String() == set.DefValue {
		if err := flag.Set("test.parallel", atOnce); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
