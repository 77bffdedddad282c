//! The engine, one method for each input.

use std::sync::Arc;

use js_sys::{Array, Uint8Array};
use mtasts_core::{
    CachedPolicy, Config, DnsFailure, FetchFailure, Input, LookupId, PolicyDomain, RequestId,
    Response, TxtAnswer,
};
use wasm_bindgen::prelude::*;

use crate::{decision::Decision, error, input, object::at, output, record::copied};

/// The engine. Any order of calls is safe; what is refused changes nothing.
#[derive(Debug)]
#[wasm_bindgen]
pub struct Engine(mtasts_core::Engine);

#[expect(clippy::needless_pass_by_value, reason = "lists cross the border by value")]
#[wasm_bindgen]
impl Engine {
    /// An engine that knows nothing yet. Settings that are not named keep their defaults.
    ///
    /// # Errors
    ///
    /// When a name is unknown.
    #[wasm_bindgen(constructor)]
    pub fn new(names: Vec<String>, values: Vec<f64>) -> Result<Self, JsValue> {
        let config = changed(Config::default(), &names, &values)?;
        Ok(Self(mtasts_core::Engine::new(config)))
    }

    /// Changes settings, for what comes. The seed stays as it is.
    ///
    /// # Errors
    ///
    /// When a name is unknown; then nothing is changed.
    pub fn reconfigure(&mut self, names: Vec<String>, values: Vec<f64>) -> Result<(), JsValue> {
        let config = changed(self.0.config().clone(), &names, &values)?;
        self.0.reconfigure(config);
        Ok(())
    }

    /// The decision, if it can be given at once.
    ///
    /// # Errors
    ///
    /// When the key names no Policy Domain.
    pub fn lookup(&mut self, key: &str, now: f64) -> Result<Option<Decision>, JsValue> {
        Ok(self.0.lookup(&domain(key)?, at(now)).map(Decision::from))
    }

    /// As `lookup`, but counts as no use and starts nothing.
    ///
    /// # Errors
    ///
    /// When the key names no Policy Domain.
    pub fn peek(&self, key: &str, now: f64) -> Result<Option<Decision>, JsValue> {
        Ok(self.0.peek(&domain(key)?, at(now)).map(Decision::from))
    }

    /// Somebody wants the decision by `deadline`.
    ///
    /// # Errors
    ///
    /// When the key names no Policy Domain, or the lookup is refused.
    pub fn resolve(
        &mut self,
        lookup: u32,
        key: &str,
        deadline: f64,
        now: f64,
    ) -> Result<(), JsValue> {
        let (lookup, deadline) = (LookupId(lookup), at(deadline));
        self.input(Input::Resolve { lookup, domain: domain(key)?, deadline }, now)
    }

    /// Mail is about to be bounced: check first.
    ///
    /// # Errors
    ///
    /// As `resolve`.
    pub fn recheck(
        &mut self,
        lookup: u32,
        key: &str,
        deadline: f64,
        now: f64,
    ) -> Result<(), JsValue> {
        let (lookup, deadline) = (LookupId(lookup), at(deadline));
        self.input(Input::Recheck { lookup, domain: domain(key)?, deadline }, now)
    }

    /// Nobody waits for the lookup any more.
    ///
    /// # Errors
    ///
    /// When it is not waiting.
    pub fn cancel(&mut self, lookup: u32, now: f64) -> Result<(), JsValue> {
        self.input(Input::Cancel { lookup: LookupId(lookup) }, now)
    }

    /// The TXT records that were asked for; none if there are none.
    ///
    /// # Errors
    ///
    /// When the request is not open.
    #[wasm_bindgen(js_name = txtAnswer)]
    pub fn txt_answer(
        &mut self,
        request: u32,
        records: Vec<Uint8Array>,
        ttl: u32,
        now: f64,
    ) -> Result<(), JsValue> {
        let answer = Ok(TxtAnswer { records: copied(&records), ttl });
        self.input(Input::TxtAnswer { request: RequestId(request), answer }, now)
    }

    /// The TXT query failed.
    ///
    /// # Errors
    ///
    /// When the code is unknown or the request is not open.
    #[wasm_bindgen(js_name = txtFailed)]
    pub fn txt_failed(
        &mut self,
        request: u32,
        code: &str,
        detail: &str,
        now: f64,
    ) -> Result<(), JsValue> {
        let failure = DnsFailure::from_code(code)
            .ok_or_else(|| error::unknown("failure of a DNS query", code))?;
        let answer = Err((failure, Arc::from(detail)));
        self.input(Input::TxtAnswer { request: RequestId(request), answer }, now)
    }

    /// The complete HTTP response of the policy host.
    ///
    /// # Errors
    ///
    /// When the request is not open.
    #[wasm_bindgen(js_name = fetchAnswer)]
    pub fn fetch_answer(
        &mut self,
        request: u32,
        status: u16,
        content_type: Option<String>,
        body: Vec<u8>,
        now: f64,
    ) -> Result<(), JsValue> {
        let answer = Ok(Response { status, content_type, body });
        self.input(Input::FetchAnswer { request: RequestId(request), answer }, now)
    }

    /// There is no response of the policy host.
    ///
    /// # Errors
    ///
    /// When the code is unknown or the request is not open.
    #[wasm_bindgen(js_name = fetchFailed)]
    pub fn fetch_failed(
        &mut self,
        request: u32,
        code: &str,
        detail: &str,
        now: f64,
    ) -> Result<(), JsValue> {
        let failure = FetchFailure::from_code(code)
            .ok_or_else(|| error::unknown("failure of a policy fetch", code))?;
        let answer = Err((failure, Arc::from(detail)));
        self.input(Input::FetchAnswer { request: RequestId(request), answer }, now)
    }

    /// The store holds this policy.
    ///
    /// # Errors
    ///
    /// When the policy or id is invalid, or the request is not open.
    pub fn loaded(
        &mut self,
        request: u32,
        policy: &[u8],
        id: &str,
        fetched_at: f64,
        last_used: f64,
        now: f64,
    ) -> Result<(), JsValue> {
        let policy = input::cached(policy, id, fetched_at, last_used)?;
        self.load(request, Some(policy), now)
    }

    /// The store holds nothing, or failed.
    ///
    /// # Errors
    ///
    /// When the request is not open.
    #[wasm_bindgen(js_name = loadedNothing)]
    pub fn loaded_nothing(&mut self, request: u32, now: f64) -> Result<(), JsValue> {
        self.load(request, None, now)
    }

    /// A policy is stored, or the store gave up on it.
    ///
    /// # Errors
    ///
    /// When the request is not open.
    pub fn stored(&mut self, request: u32, now: f64) -> Result<(), JsValue> {
        self.input(Input::Stored { request: RequestId(request) }, now)
    }

    /// A policy from a store, before anybody asked.
    ///
    /// # Errors
    ///
    /// When the key names no Policy Domain, or the policy or id is invalid.
    pub fn restore(
        &mut self,
        key: &str,
        policy: &[u8],
        id: &str,
        fetched_at: f64,
        last_used: f64,
        now: f64,
    ) -> Result<(), JsValue> {
        let domain = domain(key)?;
        let policy = input::cached(policy, id, fetched_at, last_used)?;
        self.input(Input::Restore { domain, policy }, now)
    }

    /// Does everything that is due.
    #[wasm_bindgen(js_name = handleTimeout)]
    pub fn handle_timeout(&mut self, now: f64) {
        self.0.handle_timeout(at(now));
    }

    /// The next errand or answer; `null` when there is none.
    #[must_use]
    #[wasm_bindgen(js_name = pollOutput)]
    pub fn poll_output(&mut self) -> JsValue {
        self.0.poll_output().map_or(JsValue::NULL, output::output)
    }

    /// When `handleTimeout` should be called next: `at` and `reason`, or `null`.
    #[must_use]
    #[wasm_bindgen(js_name = pollTimeout)]
    pub fn poll_timeout(&self) -> JsValue {
        self.0.poll_timeout().map_or(JsValue::NULL, output::wake)
    }

    /// The policies that govern at `now`, each with its `domain` and what `restore` takes.
    #[must_use]
    pub fn policies(&self, now: f64) -> Array {
        let policies = self.0.policies(at(now));
        policies.map(|(domain, policy)| JsValue::from(output::policy_of(domain, &policy))).collect()
    }

    /// How many domains are remembered.
    #[must_use]
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// How many lookups wait for their answer.
    #[must_use]
    #[wasm_bindgen(getter)]
    pub fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

impl Engine {
    fn input(&mut self, input: Input, now: f64) -> Result<(), JsValue> {
        self.0.handle_input(input, at(now)).map_err(error::of_input)
    }

    fn load(
        &mut self,
        request: u32,
        policy: Option<CachedPolicy>,
        now: f64,
    ) -> Result<(), JsValue> {
        self.input(Input::Loaded { request: RequestId(request), policy }, now)
    }
}

fn domain(key: &str) -> Result<PolicyDomain, JsValue> {
    PolicyDomain::from_lookup_key(key).map_err(error::of_domain)
}

fn changed(mut config: Config, names: &[String], values: &[f64]) -> Result<Config, JsValue> {
    for (name, value) in names.iter().zip(values) {
        input::set(&mut config, name, *value)?;
    }
    Ok(config)
}
