using System.CommandLine;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Position;

/// <summary>Where positions come from and which are sent.</summary>
/// <param name="File">A file that grows.</param>
/// <param name="EverySeconds">At most one position in so long. Default 2; 0.1 to 3,600.</param>
/// <param name="DeadBandM">A position nearer than this to the last is sent only every minute. Default 1 m; 0 to 10,000.</param>
internal sealed record PositionOptions(string File, double EverySeconds = 2, double DeadBandM = 1)
{
    /// <summary>Everything that is wrong with them.</summary>
    public IEnumerable<string> Errors(Texts texts)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(File))))
        {
            yield return texts.Pick($"--position「{File}」のフォルダーが見つかりません。", $"The folder of --position {File} does not exist.");
        }

        if (EverySeconds is not (>= 0.1 and <= 3_600) || DeadBandM is not (>= 0 and <= 10_000))
        {
            yield return texts.Pick(
                "--position-every は 0.1～3600 秒、--position-dead-band は 0～10000 m で指定してください。",
                "--position-every must be 0.1 to 3600 seconds, --position-dead-band 0 to 10000 m.");
        }
    }
}

/// <summary>The command-line options of agents that move.</summary>
internal sealed class PositionArguments
{
    private readonly Option<string?> _file = new("--position")
    {
        HelpName = "FILE",
        Description = "Follows a file that grows and sends the device's position: DJI subtitles (.SRT), NMEA 0183 (GGA, RMC), or JSON lines with lon, lat, alt, time (as gpsd writes).",
    };

    private readonly Option<double> _every = new("--position-every") { HelpName = "SECONDS", DefaultValueFactory = _ => 2, Description = "At most one position in so long." };

    private readonly Option<double> _deadBand = new("--position-dead-band")
    {
        HelpName = "METRES",
        DefaultValueFactory = _ => 1,
        Description = "A position nearer than this to the last is sent only every minute.",
    };

    /// <summary>Adds the options to an agent's command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_every);
        command.Add(_deadBand);
    }

    /// <summary>What the command line says; null without a source.</summary>
    public PositionOptions? Read(ParseResult result) =>
        result.GetValue(_file) is { } file ? new PositionOptions(Path.GetFullPath(file), result.GetValue(_every), result.GetValue(_deadBand)) : null;
}
