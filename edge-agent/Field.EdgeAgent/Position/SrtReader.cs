using Field.Contracts.Tracks;

namespace Field.EdgeAgent.Position;

/// <summary>
/// The subtitles that DJI aircraft write beside a video (<see cref="SrtPassage"/>), line by line as they grow. Times there are local times of the
/// aircraft: the zone of this machine is taken.
/// </summary>
internal sealed class SrtReader(TimeZoneInfo zone) : IPositionReader
{
    private const int MostLines = 16;

    private readonly List<string> _block = [];

    /// <inheritdoc/>
    public bool IsBetween => _block.Count == 0;

    /// <inheritdoc/>
    public PositionFix? Read(string line)
    {
        string text = line.Trim().TrimStart('\uFEFF');
        if (text.Length > 0)
        {
            _block.Add(text);
            if (_block.Count > MostLines)
            {
                _block.Clear();
                throw new FieldException($"more than {MostLines} lines without an empty one");
            }

            return null;
        }

        return End();
    }

    /// <inheritdoc/>
    public PositionFix? End()
    {
        if (_block.Count == 0)
        {
            return null;
        }

        bool isSubtitle = _block.Count >= 2 && _block[0].All(char.IsAsciiDigit) && _block[1].Contains("-->", StringComparison.Ordinal);
        string text = string.Join('\n', _block.Skip(2));
        _block.Clear();
        return isSubtitle ? Position(text) : throw new FieldException("is no subtitle with a number and a time span");
    }

    private PositionFix? Position(string text)
    {
        SrtPassage passage = SrtPassage.Read(text);
        return passage switch
        {
            { Fault: TrackFaultCodes.NoPosition or TrackFaultCodes.NoFix } => null,
            { Fault: { } fault } => throw new FieldException($"{fault} in a subtitle"),
            { Point: var p } => PositionFix.Of(p.Lon, p.Lat, p.AltitudeM, p.RelativeAltitudeM, passage.Clock is { } local ? new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime() : null),
        };
    }
}
