// Package policy reads IAM's policy documents, refuses what IAM refuses, and decides what they allow. See "IAM JSON
// policy reference" and "Policy evaluation logic".
//
// It must not know who has which policies, nor what a call needs: it is asked about an action on a resource.
package policy
