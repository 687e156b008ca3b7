// Package proxy stands between a program and its AWS endpoint: it writes down each call with its region, service and
// action, and refuses, cuts or delays those that a test names. It sees what goes over the wire, the SDK's own retries
// included, so it is a witness that does not depend on the code under test.
//
// It reads the region and service from the signature's scope and the action from what the protocol has for it. It must
// not know the program, nor hold state of AWS.
package proxy
