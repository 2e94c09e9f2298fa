using NetTopologySuite.Geometries;

namespace Field.Ingest.Alarms;

/// <summary>A condition that a person wants to hear of (SPEC.md section 8, alarms).</summary>
/// <param name="Id">Its name, of a-z, 0-9 and -.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Devices">Which devices: a name in which <c>*</c> stands for any characters.</param>
/// <param name="Ja">Message in Japanese, with placeholders of <see cref="AlarmText"/>.</param>
/// <param name="En">Message in English.</param>
internal abstract record AlarmRule(string Id, string Severity, string Devices, string Ja, string En)
{
    /// <summary>The member of the rule file that holds the condition.</summary>
    public abstract string Kind { get; }

    /// <summary>How long the condition must hold before the alarm is raised.</summary>
    public TimeSpan For { get; init; }

    /// <summary>The value that is passed, for the message and the row; null when there is none.</summary>
    public virtual double? LimitValue => null;

    /// <summary>True when the rule is about the device.</summary>
    public bool Matches(string device) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Devices, device, ignoreCase: false);
}

/// <summary>A number passes a limit, and clears at another, so that it does not flutter between.</summary>
internal sealed record ThresholdRule(string Id, string Severity, string Devices, string Ja, string En) : AlarmRule(Id, Severity, Devices, Ja, En)
{
    public override string Kind => "threshold";

    /// <summary>
    /// Name of the measurement: all of the resolved SenML name, or when it has no <c>/</c> and no <c>:</c> what follows the last of them;
    /// null when <see cref="Property"/> is meant.
    /// </summary>
    public string? Measurement { get; init; }

    /// <summary><c>batteryPercent</c> or <c>queueDepth</c> of the device registry, or null.</summary>
    public string? Property { get; init; }

    /// <summary>True: above the limit; false: below it.</summary>
    public bool IsAbove { get; init; }

    /// <summary>The limit.</summary>
    public double Limit { get; init; }

    /// <summary>Where it clears: not above <see cref="Limit"/> for <see cref="IsAbove"/>, else not below it.</summary>
    public double Clear { get; init; }

    public override double? LimitValue => Limit;

    public bool IsBeyond(double value) => IsAbove ? value > Limit : value < Limit;

    public bool IsBack(double value) => IsAbove ? value <= Clear : value >= Clear;
}

/// <summary>Nothing was heard of the device for <see cref="AlarmRule.For"/>.</summary>
internal sealed record AbsenceRule(string Id, string Severity, string Devices, string Ja, string En) : AlarmRule(Id, Severity, Devices, Ja, En)
{
    public override string Kind => "absence";

    /// <summary>The measurement that must come, named as <see cref="ThresholdRule.Measurement"/>; null: anything that is heard counts. It is missed at devices that have told it before.</summary>
    public string? Measurement { get; init; }
}

/// <summary>The device is inside an area, or outside it.</summary>
internal sealed record GeofenceRule(string Id, string Severity, string Devices, string Ja, string En, Polygon Area, bool WhenInside)
    : AlarmRule(Id, Severity, Devices, Ja, En)
{
    public override string Kind => "geofence";

    public bool IsBeyond(Point place) => Area.Covers(place) == WhenInside;
}

/// <summary>An event of a kind; it clears with an event of one of other kinds, or without those when it is acknowledged.</summary>
internal sealed record EventRule(string Id, string Severity, string Devices, string Ja, string En, string EventKind, params IReadOnlyList<string> ClearKinds)
    : AlarmRule(Id, Severity, Devices, Ja, En)
{
    public override string Kind => "event";
}
