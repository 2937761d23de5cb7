"""What every adapter of ComfyUI shares: workflows, the way of a prompt through its queue, its files."""
