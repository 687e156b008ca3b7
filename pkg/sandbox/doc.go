// Package sandbox is AWS in a box: an [net/http.Handler] that answers the wire protocols of the services which the
// program calls, and enforces AWS's own rules about them: dependencies, how long resources are pending, which calls a
// token or a name makes repeatable, quotas, and how late a read may lag behind a write.
//
// It is the embedded default for people without an AWS account and the instrument of the tests: used in process as
// the SDK's HTTP client it sits below the SDK's retryer, so every attempt is seen and can be made to fail.
//
// It must not know the program: neither its resources nor its tags nor its order of work. It imports no SDK and, but for
// the time (pkg/clock) and the packages in its own folder, nothing of the module, so that it can't repeat their idea of
// what AWS does. Below it are wire (the protocols), policy (IAM's documents) and s3, which know nothing of the rest.
package sandbox
