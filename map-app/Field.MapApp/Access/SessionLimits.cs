namespace Field.MapApp.Access;

/// <summary>
/// How long a sign-in lasts. An operations room must not be thrown out at 3 a.m. of a flood, so that neither limit ends within a shift or
/// an operation; in exchange what cannot be undone asks for the password again.
/// </summary>
internal static class SessionLimits
{
    /// <summary>Without a request for so long, a session ends: the longest shift. A page that is shown asks every few minutes.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>However it is used, a session ends after a week.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>What needs a proof needs one that is no older.</summary>
    public static readonly TimeSpan Proof = TimeSpan.FromHours(1);

    /// <summary>Sessions of one person at the same time; the one that was used least recently ends for a further one.</summary>
    public const int PerPerson = 20;
}
