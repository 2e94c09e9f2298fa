namespace Field.Harness;

/// <summary>What the harness waited for did not come, or the machine cannot do what was asked; the text shows what the processes said.</summary>
public sealed class HarnessException(string message) : Exception(message);
