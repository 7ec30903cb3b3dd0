//go:build race

package store_test

// slack is how many times longer a promise may take under the race detector, beside the
// tests of other packages on the same processors.
const slack = 30
