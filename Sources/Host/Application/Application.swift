/// Application.
