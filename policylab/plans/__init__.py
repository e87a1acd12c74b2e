"""Files to items: reading work plans as they were published."""
