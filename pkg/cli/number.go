package cli

import (
	"strconv"

	"github.com/spf13/pflag"
)

// number is a flag that can be left out, which is not the same as 0.
type number struct{ to **int }

// AddNumber adds a flag whose number stays nil where it is not passed.
func AddNumber(set *pflag.FlagSet, to **int, name, usage string) { set.Var(number{to}, name, usage) }

// String implements [pflag.Value].
func (n number) String() string {
	if n.to == nil || *n.to == nil {
		return "0"
	}
	return strconv.Itoa(**n.to)
}

// Set implements [pflag.Value].
func (n number) Set(text string) error {
	got, err := strconv.ParseInt(text, 0, strconv.IntSize)
	if err != nil {
		return err
	}
	whole := int(got)
	*n.to = &whole
	return nil
}

// Type implements [pflag.Value].
func (number) Type() string { return "int" }

// Negative says whether any of these numbers is below 0.
func Negative(numbers ...*int) bool {
	for _, n := range numbers {
		if n != nil && *n < 0 {
			return true
		}
	}
	return false
}

// Positive is the number where it limits something: 0 leaves that to the settings.
func Positive(n *int) *int {
	if n != nil && *n > 0 {
		return n
	}
	return nil
}
