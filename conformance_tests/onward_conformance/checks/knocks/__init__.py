"""What a node does that takes knocks: claims, calls for help and complaints."""
