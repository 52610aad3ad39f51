//! The available engines and their names.

use pow_engine::{Engine, EngineError};

#[test]
fn engines_have_names() {
    let engines = Engine::available();
    assert_eq!(engines.first(), Some(&Engine::best()));
    assert_eq!(engines.last(), Some(&Engine::portable()));
    for engine in engines {
        assert_eq!(engine.to_string().parse(), Ok(engine));
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn engines_match_the_processors_instructions() {
    let has = [
        ("avx512", is_x86_feature_detected!("avx512f")),
        ("sha-ni", is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1")),
        ("sse2", true),
        ("portable", true),
    ];
    let expected: Vec<_> = has.into_iter().filter(|(_, has)| *has).map(|(name, _)| name.to_owned()).collect();
    let names: Vec<_> = Engine::available().iter().map(Engine::to_string).collect();
    assert_eq!(names, expected);
}

#[test]
fn refusal_of_an_engine_names_the_available_ones() {
    for name in ["avx512", "sha-ni", "sse2", "portable"] {
        match name.parse::<Engine>() {
            Ok(engine) => assert_eq!(engine.to_string(), name),
            Err(error) => {
                assert_eq!(error, EngineError::Missing(name));
                assert!(error.to_string().contains("portable"), "{error}");
            }
        }
    }
    for name in ["", "AVX512", "abacus"] {
        let error = name.parse::<Engine>().unwrap_err();
        assert_eq!(error, EngineError::Unknown(name.to_owned()));
        assert!(error.to_string().contains("portable"), "{error}");
    }
}
