"""The YAML of frontmatter: read as Obsidian reads it, edited in place."""
