// Package local runs the servers Docket needs on one machine: PostgreSQL, Temporal with its UI, MinIO and a mail catcher.
//
// Everything listens on 127.0.0.1, keeps its state in one folder and dies with the process that started it, kill -9 included.
// Each part can be started, stopped and killed alone, which is how the tests prove that nothing accepted gets lost.
// It needs Linux: the promise that children die with their parent rests on the kernel's parent-death signal.
package local
