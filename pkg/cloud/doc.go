// Package cloud is the edge to AWS: configured SDK clients per region, the retry policy, the one place where AWS
// error codes are classified, the log of calls, and the guard that asks who we are before anything else.
//
// It must not know what a stack is, nor which resources there are.
package cloud
