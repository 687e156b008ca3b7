package reliability

import "testing"

func (w *world) furnish(t testing.TB) account { return w.account(t) }
