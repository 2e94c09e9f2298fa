using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml;
using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Tablet;

/// <summary>
/// A track as GPX 1.0 or 1.1, what every navigation program writes: unlike in GeoJSON each point has a standard place for its time. Points
/// become telemetry <c>lon</c>, <c>lat</c> and <c>alt</c>.
/// </summary>
internal sealed class GpxTrack : DropContent
{
    /// <summary>Points in one message: 900 measurements, well below the largest pack.</summary>
    public const int PointsInMessage = 300;

    private const int MaxPoints = 100_000;

    private readonly IReadOnlyList<(DateTimeOffset Time, GeoPoint Place)> _points;

    private GpxTrack(IReadOnlyList<(DateTimeOffset Time, GeoPoint Place)> points) => _points = points;

    /// <inheritdoc/>
    public override int Count => (_points.Count + PointsInMessage - 1) / PointsInMessage;

    /// <summary>Reads a file.</summary>
    public static DropParsed Parse(ReadOnlyMemory<byte> bytes)
    {
        List<DropError> errors = [];
        List<(DateTimeOffset, GeoPoint)> points = [];
        try
        {
            byte[] array = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) ? segment.Array! : [];
            using MemoryStream stream = new(array, segment.Offset, segment.Count, writable: false);
            using XmlReader xml = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            xml.MoveToContent();
            if (xml.LocalName != "gpx")
            {
                errors.Add(new DropError("", "GPX ではありません", "is not GPX: the outermost element must be gpx"));
            }

            while (errors.Count < MaxPoints && xml.ReadToFollowing("trkpt", xml.NamespaceURI))
            {
                ReadPoint(xml, points, errors);
            }
        }
        catch (XmlException e)
        {
            return new DropParsed(null, [new DropError($"{e.LineNumber}:{e.LinePosition}", "XML として読めません。書きかけか、壊れています", e.Message)], IsTorn: true);
        }

        if (points.Count == 0 && errors.Count == 0)
        {
            errors.Add(new DropError("", "軌跡の点（trkpt）がありません", "there are no track points (trkpt)"));
        }

        if (points.Count > MaxPoints)
        {
            errors.Add(new DropError("", $"点が多すぎます（最大 {MaxPoints}）", $"{points.Count} points, at most {MaxPoints}"));
        }

        return errors.Count > 0 ? new DropParsed(null, errors) : new DropParsed(new GpxTrack(points), []);
    }

    /// <inheritdoc/>
    public override DropMessage Build(string site, string device, int index, long sequence, DropIntent intent)
    {
        List<Measurement> all = [];
        foreach ((DateTimeOffset time, GeoPoint place) in _points.Skip(index * PointsInMessage).Take(PointsInMessage))
        {
            all.Add(new Measurement($"{device}/lon", time, "lon", place.Lon));
            all.Add(new Measurement($"{device}/lat", time, "lat", place.Lat));
            if (place.AltitudeM is { } altitude)
            {
                all.Add(new Measurement($"{device}/alt", time, "m", altitude));
            }
        }

        return new DropMessage("telemetry", OutboxPriority.Normal, new SenMLPack(all, sequence).Write());
    }

    private static void ReadPoint(XmlReader xml, List<(DateTimeOffset, GeoPoint)> points, List<DropError> errors)
    {
        string at = $"trkpt[{points.Count + errors.Count}]";
        (double? lon, double? lat) = (Number(xml.GetAttribute("lon")), Number(xml.GetAttribute("lat")));
        double? altitude = null;
        DateTimeOffset? time = null;
        int depth = xml.Depth;
        if (!xml.IsEmptyElement)
        {
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1 && xml.LocalName is "ele" or "time")
                {
                    bool isTime = xml.LocalName == "time";
                    string text = ReadText(xml);
                    altitude = isTime ? altitude : Number(text);
                    time = isTime ? (WireTime.TryParse(text, out DateTimeOffset parsed) ? parsed : null) : time;
                }
            }
        }

        if (lon is not { } x || lat is not { } y || !GeoPoint.IsValid(x, y))
        {
            errors.Add(new DropError(at, "緯度・経度（lat、lon）がないか、範囲の外です", "lat and lon are missing or out of range"));
        }
        else if (time is not { } when)
        {
            errors.Add(new DropError(at, "時刻（time）がないか、読めません", "has no time, or one that is not RFC 3339 with an offset"));
        }
        else
        {
            points.Add((when, new GeoPoint(x, y, altitude)));
        }
    }

    /// <summary>The text of the element the reader is at; afterwards it is at the element's end.</summary>
    private static string ReadText(XmlReader xml)
    {
        string text = "";
        int depth = xml.Depth;
        if (!xml.IsEmptyElement)
        {
            while (xml.Read() && xml.Depth > depth)
            {
                text += xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA ? xml.Value : "";
            }
        }

        return text.Trim();
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}
