using System.CommandLine;
using System.CommandLine.Parsing;
using Field.Contracts;

namespace Field.MapApp;

/// <summary>The command-line options of <c>up</c> for the limits of ingest: <c>--clock-threshold --incoming-max --incoming-age --disk-reserve --booking-retention</c>.</summary>
internal sealed class LimitArguments
{
    private readonly Option<double> _clock = new("--clock-threshold") { HelpName = "SECONDS", DefaultValueFactory = _ => 120, Description = "How far a device's clock may be off before its times are corrected, s: 5 to 86400." };
    private readonly Option<long> _incomingMax = Size("--incoming-max", 50L << 30, "Unfinished uploads kept, at most: bytes, or with K, M, G; from 1M. Above it the one that waited longest begins again. Default 50G.");
    private readonly Option<double> _incomingAge = new("--incoming-age") { HelpName = "DAYS", DefaultValueFactory = _ => 30, Description = "How long an upload may make no progress before it is forgotten, days: 0.05 to 1000." };
    private readonly Option<long> _reserve = Size("--disk-reserve", 2L << 30, "Free space of the data folder's disk below which health is degraded, below a tenth of it failing: bytes, or with K, M, G. Default 2G.");

    private readonly Option<int> _bookingRetention = new("--booking-retention") { HelpName = "DAYS", DefaultValueFactory = _ => 30, Description = "How long after a booking who booked is kept, days: 1 to 3650. Then name, contact and purpose are deleted." };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_clock);
        command.Add(_incomingMax);
        command.Add(_incomingAge);
        command.Add(_reserve);
        command.Add(_bookingRetention);
    }

    /// <summary>What the command line says.</summary>
    public UpOptions Apply(ParseResult result, UpOptions options) => options with
    {
        ClockSkewThreshold = Time(TimeSpan.FromSeconds, result.GetValue(_clock)),
        MaxIncomingBytes = result.GetValue(_incomingMax),
        MaxIncomingAge = Time(TimeSpan.FromDays, result.GetValue(_incomingAge)),
        MinFreeDiskBytes = result.GetValue(_reserve),
        BookingRetentionDays = result.GetValue(_bookingRetention),
    };

    /// <summary>What no time can hold becomes one that the check refuses.</summary>
    private static TimeSpan Time(Func<double, TimeSpan> unit, double value) => double.IsFinite(value) && Math.Abs(value) < 1e8 ? unit(value) : TimeSpan.MinValue;

    private static Option<long> Size(string name, long fallback, string description) => new(name)
    {
        HelpName = "SIZE",
        DefaultValueFactory = _ => fallback,
        Description = description,
        CustomParser = result => ByteSize.Parse(result.Tokens[0].Value) is { } size ? size : Fail(result, name),
    };

    private static long Fail(ArgumentResult result, string name)
    {
        result.AddError($"{name} '{result.Tokens[0].Value}' is no size: give bytes, or a number with K, M or G");
        return 0;
    }
}
