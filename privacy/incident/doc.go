// Package incident is the course of a security incident as pure rules: its phases and what each has to have before it ends, the moments that start the clocks of laws
// and how they are corrected, and what is owed under every law that it brings (Arts 33 and 34 GDPR, and others).
package incident
