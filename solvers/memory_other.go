//go:build !linux && !darwin

package solvers

// machineMemory is the machine's memory in bytes: 0, since the system isn't asked.
func machineMemory() int64 { return 0 }
