namespace Field.EdgeAgent.Drone;

/// <summary>How the agent ends.</summary>
internal static class ExitCodes
{
    /// <summary>Every photo has its receipt; or, while watching, it was stopped and nothing was refused.</summary>
    public const int Ok = 0;

    /// <summary>It could not start: a wrong option, no folder, no photos, no permission, an outbox in use.</summary>
    public const int CannotStart = 2;

    /// <summary>Something was refused by the server or could not be read; the list says what.</summary>
    public const int SomeFailed = 3;

    /// <summary>The server could not be reached or did not answer; the rest waits for the next time.</summary>
    public const int NotSent = 4;

    /// <summary>Stopped by Ctrl+C before everything was sent.</summary>
    public const int Stopped = 130;
}
