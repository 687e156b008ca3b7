// Package wire is how AWS's services are spoken to: the query protocols of EC2 and of the older services, JSON 1.1 and
// the XML of S3; how their parameters are read and their answers and errors are written.
//
// It must not know any service: neither its actions nor its errors, apart from those that a protocol has itself.
package wire
