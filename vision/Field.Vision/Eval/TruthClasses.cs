using System.Text.Json;
using System.Text.Json.Serialization;

namespace Field.Vision.Eval;

/// <summary>What the numbers of boxes, the colours of masks and the endings of mask files mean, as classes of a card. See models/README.md.</summary>
internal sealed class TruthClasses
{
    internal const string FileName = "classes.json";
    private const uint White = 0xFFFFFF;

    private static readonly Dictionary<uint, string> UsualColours = new()
    {
        [0xFF0000] = "crack",
        [0x00FF00] = "rebar",
        [0x00FFFF] = "corrosion",
        [0x808080] = "spalling",
    };

    private static readonly Dictionary<string, string[]> UsualSuffixes = new()
    {
        ["_CRACK"] = ["road-crack", "levee-crack", "crack"],
        ["_POTHOLE"] = ["pothole"],
    };

    private readonly IReadOnlyList<string> _boxes;
    private readonly Dictionary<uint, string> _colours;
    private readonly bool _isExact; // every colour must be known

    private TruthClasses(IReadOnlyList<string> boxes, Dictionary<uint, string> colours, Dictionary<string, string> suffixes, IReadOnlyList<string> classes, bool isExact)
    {
        (_boxes, _colours, _isExact) = (boxes, colours, isExact);
        Suffixes = [.. suffixes.Where(s => classes.Contains(s.Value)).Select(s => (s.Key, s.Value))];
        Boxes = [.. classes.Where(boxes.Contains)];
        Colours = [.. classes.Where(colours.ContainsValue)];
    }

    /// <summary>Classes of the card that boxes may name: figures exist for these only.</summary>
    internal IReadOnlyList<string> Boxes { get; }

    /// <summary>Classes of the card that have a colour.</summary>
    internal IReadOnlyList<string> Colours { get; }

    /// <summary>Ending of a mask's file name and the class of the card that its white pixels are.</summary>
    internal IReadOnlyList<(string Suffix, string Class)> Suffixes { get; }

    /// <summary>Reads a description, or takes the usual meanings when there is none.</summary>
    /// <param name="path">A classes.json, or null.</param>
    /// <param name="classes">Classes of the card.</param>
    internal static TruthClasses Load(string? path, IReadOnlyList<string> classes)
    {
        if (path is null)
        {
            return Usual(classes);
        }

        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), ModelCardJson.Options) ?? new Content();
            return new TruthClasses(content.Boxes, content.Masks.ToDictionary(m => Colour(m.Key, path), m => m.Value), content.Suffixes, classes, isExact: true);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException or ArgumentException)
        {
            throw new VisionException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The class of a YOLO number; null when the card does not have it.</summary>
    internal string? OfBox(int number)
    {
        var name = number < _boxes.Count ? _boxes[number] : _boxes.Count == 1 && !_isExact ? _boxes[0] : null;
        return name is not null && Boxes.Contains(name) ? name : null;
    }

    /// <summary>The class of a colour; null for sound and for what the card does not have.</summary>
    internal string? OfColour(uint rgb, string path)
    {
        if (_colours.TryGetValue(rgb, out var name))
        {
            return name;
        }

        return _isExact && rgb != 0 ? throw new VisionException($"{path} has the colour #{rgb:X6}, which {FileName} does not name.") : null;
    }

    private static TruthClasses Usual(IReadOnlyList<string> classes)
    {
        var colours = classes.Count == 1 ? new() { [0xFF0000] = classes[0], [White] = classes[0] } : UsualColours;
        var suffixes = UsualSuffixes.Select(s => (s.Key, Class: s.Value.FirstOrDefault(classes.Contains))).Where(s => s.Class is not null)
            .ToDictionary(s => s.Key, s => s.Class!);
        return new TruthClasses(classes, colours, suffixes, classes, isExact: false);
    }

    private static uint Colour(string text, string path) =>
        text.Length == 7 && text[0] == '#' && uint.TryParse(text.AsSpan(1), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var rgb)
            ? rgb : throw new VisionException($"{path}: \"{text}\" is no colour; write it as \"#FF0000\".");

    /// <summary>The file's form.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Content
    {
        public IReadOnlyList<string> Boxes { get; init; } = [];

        public IReadOnlyDictionary<string, string> Masks { get; init; } = new Dictionary<string, string>();

        public Dictionary<string, string> Suffixes { get; init; } = [];
    }
}
