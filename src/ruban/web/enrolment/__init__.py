"""How a member comes onto the roll: the page of an invitation, and this device."""
