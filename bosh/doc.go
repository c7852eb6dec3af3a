// Package bosh is the BOSH session (XEP-0124, XEP-0206) as a pure state machine.
package bosh
