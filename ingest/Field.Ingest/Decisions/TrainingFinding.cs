using System.Text.Json;
using Field.Gdal;
using Field.Ingest.Findings;
using Field.Store;
using Field.Vision;

namespace Field.Ingest.Decisions;

/// <summary>What a finding teaches.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Positive">The class that a person found right, or null.</param>
/// <param name="Negatives">Classes that it is not, as a person said.</param>
/// <param name="Undecided">The class of a draft that nobody decided on, or null.</param>
/// <param name="Rings">Its outline.</param>
/// <param name="Drafted">The outline that the model drew where a person drew another; else empty.</param>
internal sealed record TrainingFinding(
    string Status, string? Positive, IReadOnlyCollection<string> Negatives, string? Undecided, IReadOnlyList<IReadOnlyList<PixelPoint>> Rings,
    IReadOnlyList<IReadOnlyList<PixelPoint>> Drafted)
{
    public bool IsDecided => Undecided is null && Rings.Count > 0;

    public IEnumerable<string> Taught => Positive is null ? Negatives : Negatives.Prepend(Positive);

    /// <summary>The box around its outlines.</summary>
    public PixelWindow? Box
    {
        get
        {
            PixelPoint[] points = [.. Rings.Concat(Drafted).SelectMany(r => r)];
            if (points.Length == 0)
            {
                return null;
            }

            (int x, int y) = ((int)points.Min(p => p.X), (int)points.Min(p => p.Y));
            return new PixelWindow(x, y, (int)Math.Ceiling(points.Max(p => p.X)) - x + 1, (int)Math.Ceiling(points.Max(p => p.Y)) - y + 1);
        }
    }

    public bool Meets(PixelWindow window) => Box is { } box && TrainingExport.Meet(box, window);

    /// <param name="finding">The finding as it stands.</param>
    /// <param name="decisions">What was decided on it, for what the model had said.</param>
    public static TrainingFinding Of(Feature finding, IEnumerable<Feature> decisions)
    {
        (string status, string damage) = (finding.Text("status") ?? "", finding.Text("class") ?? "");
        IReadOnlyList<IReadOnlyList<PixelPoint>> rings = FindingOutline.Rings(finding.Text("pixelRings"));
        (string drafted, IReadOnlyList<IReadOnlyList<PixelPoint>> outline) = Draft(finding, decisions, damage, rings);
        string[] denied = drafted == damage ? [] : [drafted];
        return status switch
        {
            DecisionEffect.StatusConfirmed or DecisionEffect.StatusCorrected => new(status, damage, denied, null, rings, ReferenceEquals(outline, rings) ? [] : outline),
            DecisionEffect.StatusRejected => new(status, null, [.. denied.Append(damage)], null, rings, ReferenceEquals(outline, rings) ? [] : outline),
            _ => new(status, null, [], damage, rings, []),
        };
    }

    /// <summary>Class and outline before the first decision that changed them.</summary>
    private static (string Class, IReadOnlyList<IReadOnlyList<PixelPoint>> Rings) Draft(
        Feature finding, IEnumerable<Feature> decisions, string damage, IReadOnlyList<IReadOnlyList<PixelPoint>> rings)
    {
        (string? first, IReadOnlyList<IReadOnlyList<PixelPoint>>? outline) = (null, null);
        foreach (Feature decision in decisions.OrderBy(d => d.Whole("n")))
        {
            using JsonDocument before = JsonDocument.Parse(decision.Text("before") ?? "{}");
            first ??= before.RootElement.TryGetProperty("class", out JsonElement name) ? name.GetString() : null;
            outline ??= before.RootElement.TryGetProperty("pixelRings", out JsonElement was) && was.ValueKind == JsonValueKind.Array
                ? FindingOutline.Rings(was.GetRawText())
                : null;
        }

        return (first ?? damage, outline ?? rings);
    }
}

/// <summary>One picture of an export.</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="PhotoId">SHA-256 of the photo's bytes.</param>
/// <param name="Window">Where it lies in the photo.</param>
/// <param name="IsWhole">True when it is all of the photo.</param>
/// <param name="Classes">The classes of its masks.</param>
/// <param name="Findings">The decided findings in it.</param>
internal sealed record TrainingImage(string Name, string PhotoId, PixelWindow Window, bool IsWhole, IReadOnlyList<string> Classes, IReadOnlyList<TrainingFinding> Findings)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("image", $"images/{Name}.png");
        writer.WriteString("photoId", PhotoId);
        writer.WriteBoolean("isWhole", IsWhole);
        writer.WriteStartArray("window");
        foreach (int side in (int[])[Window.X, Window.Y, Window.WidthPx, Window.HeightPx])
        {
            writer.WriteNumberValue(side);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("classes");
        foreach (string damage in Classes)
        {
            writer.WriteStartObject();
            writer.WriteString("class", damage);
            writer.WriteString("mask", $"masks/{Name}_{damage}.png");
            writer.WriteString("weight", $"weights/{Name}_{damage}.png");
            writer.WriteNumber("positives", Findings.Count(f => f.Positive == damage));
            writer.WriteNumber("negatives", Findings.Count(f => f.Negatives.Contains(damage)));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>Mask and weight of one class in one picture.</summary>
internal static class TrainingPlanes
{
    /// <summary>Mask: 255 where the class is. Weight: 255 where people decided on the class, and around it; 0 elsewhere and on undecided drafts.</summary>
    public static (byte[] Mask, byte[] Weight) Of(string damage, IReadOnlyList<TrainingFinding> findings, PixelWindow window, int aroundPx)
    {
        byte[] mask = new byte[window.WidthPx * window.HeightPx];
        byte[] judged = new byte[mask.Length];
        byte[] open = new byte[mask.Length];
        foreach (TrainingFinding finding in findings)
        {
            bool isPositive = finding.Positive == damage;
            if (isPositive || finding.Negatives.Contains(damage))
            {
                Add(finding.Rings, judged);
                Add(finding.Drafted, judged);
                Add(isPositive ? finding.Rings : [], mask);
            }
            else
            {
                Add(finding.Rings, open); // a draft of the class, or damage of a class of which nobody said whether it is this one too
            }
        }

        byte[] weight = Widened(judged, window.WidthPx, aroundPx);
        for (int i = 0; i < weight.Length; i++)
        {
            weight[i] = open[i] != 0 && judged[i] == 0 ? (byte)0 : weight[i];
        }

        return (mask, weight);

        void Add(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, byte[] plane)
        {
            if (rings.Count == 0)
            {
                return;
            }

            byte[] filled = MaskMeasure.Fill(rings, window.X, window.Y, window.WidthPx, window.HeightPx);
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] |= filled[i];
            }
        }
    }

    /// <summary>Widened by a square, along the rows and then along the columns.</summary>
    private static byte[] Widened(byte[] plane, int width, int by)
    {
        byte[] rows = Widened(plane, width, plane.Length / width, 1, width, by);
        return Widened(rows, plane.Length / width, width, width, 1, by);
    }

    private static byte[] Widened(byte[] plane, int length, int lines, int step, int lineStep, int by)
    {
        byte[] wide = new byte[plane.Length];
        for (int line = 0; line < lines; line++)
        {
            int last = -by - 1;
            for (int i = 0; i < length + by; i++)
            {
                last = i < length && plane[(line * lineStep) + (i * step)] != 0 ? i : last;
                int at = i - by; // the window reaches from at - by to i
                if (at >= 0 && last >= at - by)
                {
                    wide[(line * lineStep) + (at * step)] = 255;
                }
            }
        }

        return wide;
    }
}
