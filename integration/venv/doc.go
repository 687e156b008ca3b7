// Package venv installs Python packages for the suites: exactly those of a lock file with hashes, into a virtual environment in
// the user's cache, once for all processes. It must not know what the packages are for.
package venv
