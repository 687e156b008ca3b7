// Package paint is the colours and symbols that everything on the terminal shares, and decides whether there are any.
//
// Only the terminal's own sixteen colours are used, which follow the user's theme, light or dark; and no meaning is in
// a colour alone. The package must not know what is painted.
package paint
