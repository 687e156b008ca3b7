package sandbox

// ssmArea registers the operations of Systems Manager.
func ssmArea(reg *registry) {
	ssmParameterOperations(reg)
	ssmInstanceOperations(reg)
}
