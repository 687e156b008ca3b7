// Package observe has the kinds of resource that record what happens in a stack: the log groups of CloudWatch Logs. Each
// file makes its own calls and knows its own resource only; what writes to a log group is not its business.
package observe
