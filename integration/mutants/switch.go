package mutants

import "fmt"

// Environment variables of a test binary with mutants.
const (
	chosenVariable  = "PROVISION_MUTANT"          // the number of the one that is switched on
	reachedVariable = "PROVISION_MUTANTS_REACHED" // the file to which the numbers are written that a test comes by
)

// switchSource is the file that is added to a package: the switch that its mutants ask.
func switchSource(pkg string, count int) []byte {
	return fmt.Appendf(nil, `package %s

import (
	"os"
	"strconv"
	"sync/atomic"
)

var (
	mutantChosen, _ = strconv.Atoi(os.Getenv(%q))
	mutantLog       = os.Getenv(%q)
	mutantSeen      [%d]atomic.Bool
)

func mutantIs(n int) bool {
	if mutantLog != "" && !mutantSeen[n].Swap(true) {
		log, err := os.OpenFile(mutantLog, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = log.WriteString(strconv.Itoa(n) + "\n")
			_ = log.Close()
		}
		if err != nil {
			panic(err)
		}
	}
	return n == mutantChosen
}

func mutantError(n int, err error) error {
	if mutantIs(n) {
		return nil
	}
	return err
}

func mutantOr[T any](n int, mutated, original T) T {
	if mutantIs(n) {
		return mutated
	}
	return original
}
`, pkg, chosenVariable, reachedVariable, count+1)
}
