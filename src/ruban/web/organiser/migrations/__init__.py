"""How the private tables of organisers have grown."""
