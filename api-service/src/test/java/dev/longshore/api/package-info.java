/// The contract as callers see it, against a real PostgreSQL and a real broker.
package dev.longshore.api;
