// Package localtest gives tests real servers: a fresh database, namespace, bucket or mailbox per test on one stack per test run.
//
// make test starts that stack and names its folder in DOCKET_TEST_STACK; make stack-test keeps one running for work by hand.
// Without a stack a test fails and says so. It never skips.
package localtest
