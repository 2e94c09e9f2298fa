using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Tablet;

/// <summary>Something wrong with a dropped file, for the person who has to correct it.</summary>
/// <param name="At">Where in the file; empty for the whole file.</param>
/// <param name="Ja">What, in Japanese.</param>
/// <param name="En">What, in English.</param>
internal sealed record DropError(string At, string Ja, string En)
{
    /// <summary>The error of a check of Field.Contracts.</summary>
    public static DropError Of(WireError error) => new(
        error.At,
        error.Code switch
        {
            ErrorCodes.NotJson => "JSON として読めません。書きかけか、壊れています",
            ErrorCodes.Missing => "必須の項目がありません",
            ErrorCodes.WrongType => "値の種類（文字・数値・配列など）が違います",
            ErrorCodes.OutOfRange => "値が範囲の外です（座標は経度、緯度の順）",
            ErrorCodes.BadFormat => "書き方が違います",
            ErrorCodes.TooLarge => "大きすぎます",
            _ => "値が正しくありません",
        },
        error.Detail);
}

/// <summary>A message that a dropped file becomes.</summary>
internal sealed record DropMessage(string Channel, OutboxPriority Priority, byte[] Payload);

/// <summary>What is in a dropped file. The same bytes give the same content.</summary>
internal abstract class DropContent
{
    /// <summary>How many messages it becomes.</summary>
    public abstract int Count { get; }

    /// <summary>Names of the photo files it speaks of.</summary>
    public virtual IReadOnlySet<string> Photos => new HashSet<string>();

    /// <summary>One of its messages: a function of the content, the number, the sequence and the intent, and of nothing else.</summary>
    public abstract DropMessage Build(string site, string device, int index, long sequence, DropIntent intent);
}

/// <summary>A parsed file, or everything that is wrong with it.</summary>
/// <param name="Content">The content; null when there are errors.</param>
/// <param name="Errors">The errors.</param>
/// <param name="IsTorn">True when it may be that the rest of the file is still to come.</param>
internal sealed record DropParsed(DropContent? Content, IReadOnlyList<DropError> Errors, bool IsTorn = false)
{
    /// <summary>Largest file.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int MostErrors = 50;

    /// <summary>Reads a file by the ending of its name.</summary>
    public static DropParsed Parse(string name, ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> text = bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        DropParsed parsed = IsTrack(name) ? GpxTrack.Parse(text) : ReportFile.Parse(text);
        return parsed.Errors.Count <= MostErrors
            ? parsed
            : parsed with
            {
                Errors = [.. parsed.Errors.Take(MostErrors), new DropError("", $"ほかに {parsed.Errors.Count - MostErrors} 件", $"and {parsed.Errors.Count - MostErrors} more")],
            };
    }

    /// <summary>True for a file that is taken from the folder.</summary>
    public static bool IsDrop(string name) =>
        IsTrack(name) || name.EndsWith(".geojson", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static bool IsTrack(string name) => name.EndsWith(".gpx", StringComparison.OrdinalIgnoreCase);
}
