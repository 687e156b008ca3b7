// Package image holds the Dockerfile to what it promises, without a container engine: it reads the instructions of the
// last stage, puts the files together that they name as an image in the OCI layout, and runs the program in it.
//
// It does not know the build stage's image: whether that has Go and the certificates shows where the image is really
// built.
package image
