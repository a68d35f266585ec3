// Package vectors runs test vectors against the law: a thin table from rule id to the functions of package privacy, fed
// with the figures of a policy book. What a vector states (a length, a holiday list) takes the place of the policy's.
package vectors
