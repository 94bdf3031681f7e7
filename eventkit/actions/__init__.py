"""The verbs: each public function is one transaction, with the clock and identity handed in."""
