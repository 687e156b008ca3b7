package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/pflag"
)

// WrongValue says of a flag's value what was expected, where Go says what its parser did.
func WrongValue(err error) error {
	wrong, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return err
	}
	text := wrong.GetValue()
	switch kind := wrong.GetFlag().Value.Type(); {
	case errors.Is(err, strconv.ErrRange):
		return fmt.Errorf("%q is out of range", text)
	case kind == "bool":
		return fmt.Errorf("%q is neither true nor false", text)
	case kind == "int" || kind == "int32":
		return fmt.Errorf("%q is no whole number", text)
	case kind == "float64":
		return fmt.Errorf("%q is no number", text)
	case kind == "duration" && withUnit(text) != text:
		return fmt.Errorf("%q has no unit; did you mean %s?", text, withUnit(text))
	case kind == "duration":
		return fmt.Errorf("%q is not a duration such as 30s or 5m", text)
	}
	return wrong.Unwrap()
}

// withUnit makes a duration of what is only a number.
func withUnit(text string) string {
	if _, err := strconv.Atoi(text); err == nil {
		return text + "s"
	}
	return text
}
